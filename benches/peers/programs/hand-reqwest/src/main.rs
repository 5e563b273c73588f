//! One token by reqwest alone.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "id"),
        ("client_secret", "secret"),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let body = runtime.block_on(async {
        let response = reqwest::Client::new().post(&url).form(&form).send().await?;
        response.bytes().await
    })?;
    let response: serde_json::Value = serde_json::from_slice(&body)?;
    println!(
        "{}",
        response["access_token"].as_str().ok_or("a token")?.len()
    );
    Ok(())
}
