"""The largest request that the site accepts, for the web server, the site and their tests."""

# A few large photos in one form; Django itself limits only what is not a file. A proxy in front
# has the same limit (client_max_body_size in docs/proxy.md and deploy/flower/nginx.conf).
MAX_BODY = 32 * 1024 * 1024  # bytes
