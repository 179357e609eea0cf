"""Text made fit to store, to compare and to put into a spreadsheet. Pure."""
