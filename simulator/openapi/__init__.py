"""The Open API: what an app may ask of the platform over HTTP."""
