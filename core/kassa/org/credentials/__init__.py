"""What proves who somebody is: PINs and passwords, an external issuer, and how often one may be wrong.

`hashing.py` hashes and what may be chosen · `tries.py` counted tries and locks · `proving.py` looks at what a request holds ·
`issuer.py` an external OpenID Connect issuer · `errors.py` what is answered.
"""

from kassa.org.credentials.errors import SignInLocked, SignInRefused
from kassa.org.credentials.hashing import hashed, unfit
from kassa.org.credentials.proving import Proof, confirmed, prove

__all__ = ["Proof", "SignInLocked", "SignInRefused", "confirmed", "hashed", "prove", "unfit"]
