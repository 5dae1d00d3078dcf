"""The table of points."""

from kassa import Id, Integer, Table


class AccountRow(Table):
    """How many points a customer has."""

    customer_id = Id(primary_key=True)
    points = Integer()

    class Meta:
        table_name = "loyalty_account"
