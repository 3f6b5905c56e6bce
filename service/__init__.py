"""The asynchronous shell around the pure core: storage, use cases, pages, API, command line."""
