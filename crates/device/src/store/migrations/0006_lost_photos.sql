-- Neither the picture that is to be sent nor the original that it was made from is there and whole.
ALTER TABLE photo ADD COLUMN lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1));
