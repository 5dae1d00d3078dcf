INVARIANTS: tuple[object, ...] = ()
