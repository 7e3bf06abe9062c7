"""The page of the head of a unit („Đơn vị tôi“)."""
