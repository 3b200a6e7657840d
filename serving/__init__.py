"""What a web server needs beyond pages: security headers, health, exports."""
