// Counts the items of a list, with streams, and with curl where PHP has it.
[, $url, $file] = $argv;
$secret = trim(file_get_contents($file));

$streams = function ($url) use ($secret) {
    $context = stream_context_create(["http" => ["header" => $secret, "timeout" => 60]]);
    return file_get_contents($url, false, $context);
};
$curl = function ($url) use ($secret) {
    $call = curl_init($url);
    curl_setopt_array($call, [
        CURLOPT_HTTPHEADER => [$secret],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FAILONERROR => true,
        CURLOPT_TIMEOUT => 60,
    ]);
    return curl_exec($call);
};

function items($fetch, $url) {
    for ($items = 0; $url !== null; $url = $page->next) {
        $page = json_decode($fetch($url), false, 512, JSON_THROW_ON_ERROR);
        $items += count($page->results);
    }
    return $items;
}

$found = items($streams, $url);
if (function_exists("curl_init") && items($curl, $url) !== $found) {
    exit(1);
}
echo $found, "\n";
