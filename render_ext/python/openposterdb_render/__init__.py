"""The pixels of OpenPosterDB: art and badges in, JPEG and PNG out."""
