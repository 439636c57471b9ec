-- What the device saw in the photo by itself (JSON); none where its form's geometry is not known.
ALTER TABLE photo ADD COLUMN seen TEXT;
