"""What all tests share comes from `kassa.testing`, the pytest plugin that plugin authors use too; see its fixtures there."""
