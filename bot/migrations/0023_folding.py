"""By which version of the folding (`bot/text/folding.py`) each text of the search was folded.

The texts themselves are folded again by `manage.py migrate` after its migrations, in chunks that may be interrupted.
"""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    run(migrator.add_column("transcript_text", "folding", peewee.SmallIntegerField(default=0)))
    # Empty once all are folded again; from then on, checking costs nothing.
    db.execute_sql("CREATE INDEX transcript_text_stale ON transcript_text (event_id) WHERE folding < 1")
