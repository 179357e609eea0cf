"""The shipped answer on opening hours says the shop's own hours, where nobody has changed it."""

OLD = (
    "このトークの自動のご案内は、いつでもお使いいただけます。"
    "スタッフへのご用件は「スタッフと話す」で夜でもお預かりして、営業時間に順番にお返事しますね。"
)
NEW = "{hours} このトークの自動のご案内は、いつでもお使いいただけます。"
UPDATE = "UPDATE faq_entry SET answer = ?, revision = revision + 1 WHERE id = ?"
KEEP_VERSION = (
    "INSERT INTO faq_version (entry_id, revision, question, paraphrases, answer, card, tags, product, "
    "withdrawn, changed_at) SELECT id, revision, question, paraphrases, answer, card, tags, product, "
    "withdrawn_at IS NOT NULL, changed_at FROM faq_entry WHERE id = ?"
)


def up(migrator, db):
    def run(statement, *values):
        return db.execute_sql(statement.replace("?", db.param), values)

    for (entry_id,) in run("SELECT id FROM faq_entry WHERE answer = ?", OLD).fetchall():
        run(UPDATE, NEW, entry_id)
        run(KEEP_VERSION, entry_id)
