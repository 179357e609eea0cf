"""Files that the owner dropped into the console: what was understood, how far they are, what they brought; notes that
staff write on an order."""

import peewee


def up(migrator, db):
    class DataImport(db.Model):
        kind = peewee.CharField(12)
        file_name = peewee.CharField(200)
        byte_count = peewee.BigIntegerField()
        checksum = peewee.CharField(64)
        once_key = peewee.CharField(80, null=True, unique=True)
        file_key = peewee.CharField(120, default="")
        columns = peewee.TextField(default="{}")
        encoding = peewee.CharField(16, default="")
        state = peewee.CharField(12, index=True)
        done_count = peewee.IntegerField(default=0)
        done_bytes = peewee.BigIntegerField(default=0)
        counts = peewee.TextField(default="{}")
        fault = peewee.TextField(default="")
        fault_en = peewee.TextField(default="")
        refusal = peewee.TextField(default="{}")
        made_at = peewee.DateTimeField(index=True)
        made_by_id = peewee.IntegerField(null=True)
        finished_at = peewee.DateTimeField(null=True)
        undone_at = peewee.DateTimeField(null=True)
        undone_by_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "data_import"

    class ImportRow(db.Model):
        data_import = peewee.ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
        line = peewee.IntegerField()
        kind = peewee.CharField(10)
        reason = peewee.TextField()
        reason_en = peewee.TextField()
        shown = peewee.TextField(default="")
        shown_en = peewee.TextField(default="")

        class Meta:
            table_name = "import_row"
            indexes = ((("data_import", "line"), False),)

    class ImportOrder(db.Model):
        data_import = peewee.ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
        order_number = peewee.CharField(80)
        outcome = peewee.CharField(10)

        class Meta:
            table_name = "import_order"
            indexes = ((("data_import", "order_number"), True),)

    class ImportProduct(db.Model):
        data_import = peewee.ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
        sku = peewee.CharField(64)
        before = peewee.TextField(default="")
        after = peewee.TextField()

        class Meta:
            table_name = "import_product"
            indexes = ((("data_import", "sku"), True),)

    class ImportColumns(db.Model):
        kind = peewee.CharField(12)
        header_key = peewee.CharField(64)
        columns = peewee.TextField()
        chosen_at = peewee.DateTimeField()
        chosen_by_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "import_columns"
            indexes = ((("kind", "header_key"), True),)

    db.create_tables([DataImport, ImportRow, ImportOrder, ImportProduct, ImportColumns])
