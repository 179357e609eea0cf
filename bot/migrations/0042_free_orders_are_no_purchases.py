"""The cached purchase columns of customers who have an order of ¥0: from now on it is no purchase.

Only these customers are computed again, in one statement. Figures that were counted by the old rules are dropped.
"""


def up(_migrator, db):
    db.execute_sql("DELETE FROM kept_figures")
    db.execute_sql(
        "UPDATE customer SET purchase_count = counted.purchases, sales_yen = counted.yen, "
        "first_purchased_on = counted.first_on, last_purchased_on = counted.last_on FROM ("
        "SELECT free.customer_id, COUNT(bought.id) AS purchases, "
        "COALESCE(SUM(bought.total_yen - bought.refunded_yen), 0) AS yen, "
        "MIN(bought.ordered_on) AS first_on, MAX(bought.ordered_on) AS last_on "
        "FROM (SELECT DISTINCT customer_id FROM purchase WHERE state = 'paid' AND total_yen <= refunded_yen "
        "AND customer_id IS NOT NULL) AS free "
        "LEFT JOIN purchase AS bought ON bought.customer_id = free.customer_id AND bought.state = 'paid' "
        "AND bought.total_yen > bought.refunded_yen GROUP BY free.customer_id"
        ") AS counted WHERE customer.id = counted.customer_id"
    )
