//! An S3-compatible server over a folder, for tests. It checks signatures, as Amazon's does.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

#[derive(Parser)]
struct Arguments {
    /// The folder of the buckets. Each is a folder in it.
    folder: PathBuf,
    /// The port on this machine's own address.
    #[arg(long)]
    port: u16,
    /// The user that may sign requests.
    #[arg(long)]
    access_key: String,
    /// The user's secret.
    #[arg(long)]
    secret_key: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { folder, port, access_key, secret_key } = Arguments::parse();
    let files = FileSystem::new(&folder).ok().with_context(|| format!("cannot open {}", folder.display()))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(access_key, secret_key));
    let service = service.build();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.context("cannot open the port")?;
    loop {
        let (stream, _) = listener.accept().await.context("cannot accept a connection")?;
        let service = service.clone();
        tokio::spawn(async move {
            let server = Builder::new(TokioExecutor::new());
            // A connection that ends early is its client's affair.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
