"""What `edx-auth mock --grade` asks of a client, done by edx-rest-api-client as its README shows it."""
import os
import threading
import time

from django.conf import settings

CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
settings.configure(CACHES={"default": CACHE})

from edx_rest_api_client.client import OAuthAPIClient  # noqa: E402  (needs the settings)
from requests import RequestException  # noqa: E402

VARIABLES = "EDX_TOKEN_URL", "EDX_CLIENT_ID", "EDX_CLIENT_SECRET"
WORKERS, ROUNDS = 8, 3

client = OAuthAPIClient(*(os.environ[name] for name in VARIABLES))


def read_list(url):
    while url:
        response = client.get(url, timeout=30)
        response.raise_for_status()
        url = response.json()["next"]


def attempt(url):
    """Reads a list. After an error, another worker or round may have more luck."""
    try:
        read_list(url)
    except (RequestException, ValueError, KeyError) as error:
        print(type(error).__name__, error)
        time.sleep(5)


def work():
    for _ in range(ROUNDS):
        attempt(os.environ["EDX_API_URL"])


workers = [threading.Thread(target=work) for _ in range(WORKERS)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
attempt(os.environ["EDX_MOVED_URL"])
attempt(os.environ["EDX_AWAY_URL"])
