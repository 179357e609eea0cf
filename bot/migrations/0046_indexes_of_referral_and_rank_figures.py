"""Indexes by which the figures of referrals, ranks and points are counted and listed in a large shop."""


def up(migrator, db):
    for statement in (
        "CREATE INDEX referral_code_made_at ON referral_code (made_at)",
        "CREATE INDEX referral_joined_at ON referral (joined_at)",
        "CREATE INDEX referral_bought_at ON referral (bought_at, referrer_id) WHERE bought_at IS NOT NULL",
        "CREATE INDEX rank_change_changed_at ON rank_change (changed_at, before, after, customer_id)",
        "CREATE INDEX standing_rank_customer_id ON standing (rank, customer_id)",
        "CREATE INDEX ledger_entry_of_referrals ON ledger_entry (occurred_on, customer_id, points, reverses_id) "
        "WHERE action IN ('referral', 'referred')",
        "CREATE INDEX ledger_entry_occurred_on ON ledger_entry (occurred_on, kind, points)",
        "CREATE INDEX ledger_entry_own_day ON ledger_entry (expires_on, customer_id) WHERE expires_on IS NOT NULL",
        "CREATE INDEX coupon_redeemed_at ON coupon (redeemed_at, reward_id) WHERE redeemed_at IS NOT NULL",
        # The new index of ranks begins with the same column.
        "DROP INDEX standing_rank",
    ):
        db.execute_sql(statement)
