"""The test kit's databases: PostgreSQL that does not answer fails a test, and is left out only on purpose."""

import pytest

from kassa.testing.databases import connect_server, kinds


def test_a_server_that_does_not_answer_fails_the_test_with_advice(monkeypatch):
    monkeypatch.setenv("KASSA_TEST_POSTGRES", "postgresql://anna:secret@127.0.0.1:1/shop")
    with pytest.raises(pytest.fail.Exception) as caught:
        connect_server()
    words = str(caught.value)
    assert "PostgreSQL does not answer at 127.0.0.1:1/shop" in words
    assert "KASSA_TEST_SQLITE_ONLY=1" in words
    assert "secret" not in words


@pytest.mark.parametrize("value, expected", [("1", ["sqlite"]), ("", ["sqlite", "postgresql"]), (None, ["sqlite", "postgresql"])])
def test_postgresql_is_left_out_on_purpose_only(monkeypatch, value, expected):
    if value is None:
        monkeypatch.delenv("KASSA_TEST_SQLITE_ONLY", raising=False)
    else:
        monkeypatch.setenv("KASSA_TEST_SQLITE_ONLY", value)
    assert kinds() == expected


def test_an_empty_database_is_empty_and_each_call_gives_another(new_database):
    from kassa.kernel.database import connect

    urls = {new_database(), new_database()}
    assert len(urls) == 2
    for url in urls:
        database = connect(url)
        with database.orm.connection_context():
            assert database.orm.get_tables() == []
        database.close()
