"""Links a buyer of the shop's system to a customer on LINE, by a code or by the shop's login. Points for
earlier purchases are given in `handlers/`."""
