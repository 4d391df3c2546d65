"""The project's few Python programs: the demo company, the build with its summary, and publishing."""
