"""Reads a file of invoice lines into frozen sales documents, stock corrections, cancellations and rejected lines; no database.

    mapping.py      what the columns of a file mean                     mapping_file.py, tables.py  read and check it from TOML
    reader.py       rows of a plain or gzipped CSV with line numbers    cells.py    the texts of cells as integers, cached
    grouping.py     consecutive rows of one document number = one run   parts.py    which part of a number a run is
    classify.py     what a row is, and what a document is by its rows   assemble.py a run as documents or as rejected lines
    stream.py       all of it as chunks with a cursor to resume from    documents.py the values that come out
    reasons.py      why a line can be rejected, and what to do          rejects.py  the file of rejected lines, ready to be repaired
    summary.py      totals by class and reason                          survey.py   products, customers, days found in a file

A document is posted whole or not at all: if one line of it is rejected, all are, so that the repaired rejects file can be imported
with the same mapping and gives the document that was meant.
"""
