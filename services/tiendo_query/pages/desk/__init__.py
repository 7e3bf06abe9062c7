"""The page of an officer about themselves („Việc của tôi“)."""
