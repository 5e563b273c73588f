# Counts the items of a list, with urllib, and with requests where it is installed.
import json
import sys
import urllib.request

url, secret_file = sys.argv[1:]
name, secret = open(secret_file).read().strip().split(": ")


def with_urllib(url):
    request = urllib.request.Request(url, headers={name: secret})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def with_requests(url):
    response = requests.get(url, headers={name: secret}, timeout=60)
    response.raise_for_status()
    return response.json()


def count(fetch, url):
    items = 0
    while url:
        page = fetch(url)
        items += len(page["results"])
        url = page["next"]
    return items


found = count(with_urllib, url)
try:
    import requests
except ImportError:
    pass
else:
    assert count(with_requests, url) == found
print(found)
