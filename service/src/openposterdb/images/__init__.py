"""The main job: a request becomes an image."""
