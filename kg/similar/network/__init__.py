"""Who is like whom → a network: links, communities, centralities, bridges, and files of it."""
