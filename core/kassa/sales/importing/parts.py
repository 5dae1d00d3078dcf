"""Which part of a document number a run of rows is: 1 the first time a number is met, 2 the second time, and so on."""

from array import array
from hashlib import blake2b

_FIRST_SLOTS = 1 << 12


class PartRegister:
    """Counts how often each number was met, in at most 36 bytes a number: a table of 64-bit hashes with open addressing.

    Two numbers with the same hash would share a count: the later one would begin with part 2, its key stays unique. With ten
    million numbers that happens with a probability of three in a million, and always the same way for the same file.
    """

    def __init__(self) -> None:
        """Start with no number met."""
        self._slots = _FIRST_SLOTS
        self._used = 0
        self._hashes = array("Q", bytes(8 * self._slots))
        self._counts = array("L" if array("L").itemsize == 4 else "I", bytes(4 * self._slots))

    def next_part(self, number: str) -> int:
        """The part that a new run of this number is."""
        value = int.from_bytes(blake2b(number.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big") or 1
        slot = self._slot(value)
        if not self._hashes[slot]:
            if 3 * (self._used + 1) > 2 * self._slots:
                self._grow()
                slot = self._slot(value)
            self._hashes[slot] = value
            self._used += 1
        self._counts[slot] += 1
        return self._counts[slot]

    def _slot(self, value: int) -> int:
        """The slot that holds a hash, or the empty one where it belongs."""
        mask = self._slots - 1
        slot = value & mask
        while (held := self._hashes[slot]) and held != value:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        """Double the table."""
        hashes, counts = self._hashes, self._counts
        self._slots *= 2
        self._hashes = array("Q", bytes(8 * self._slots))
        self._counts = array(counts.typecode, bytes(4 * self._slots))
        for value, count in zip(hashes, counts, strict=True):
            if value:
                slot = self._slot(value)
                self._hashes[slot] = value
                self._counts[slot] = count
