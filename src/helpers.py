"""The one import of every notebook."""
