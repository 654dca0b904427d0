"""A scorer and a question → an answer in words and numbers, and its forms for people and programs."""
