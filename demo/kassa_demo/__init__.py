"""The demo of Kassa: a month of a real shop's sales, and a shop made out of them that sells today.

    command.py  `kassa demo`                     builder.py  makes the installation, step by step, each only where it is missing
    shop.py     who and what is in the shop      data.py     the slice of Online Retail and its mapping, beside this file

The data is from *Online Retail* by Daqing Chen (UCI Machine Learning Repository, 2015, doi 10.24432/C5BW33), CC BY 4.0.
"""
