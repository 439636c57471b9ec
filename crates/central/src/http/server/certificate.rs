//! The certificate of the endpoint's own TLS. It is read again when its files change, so that a renewal needs
//! no restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::error_chain::error_chain;

/// Interval at which the files are looked at.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("cannot read {file}")]
    File { file: PathBuf, source: pem::Error },
    #[error("cannot use the certificate with this key")]
    Mismatch(#[source] rustls::Error),
    #[error("cannot choose the versions of TLS")]
    Versions(#[source] rustls::Error),
}

/// A certificate chain and its key, in two PEM files.
#[derive(Debug)]
pub struct ReloadedCertificate {
    certificate: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    check_interval: Duration,
    loaded: RwLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    key: Arc<CertifiedKey>,
    changed: Changed,
    checked: Instant,
}

/// When both files changed last.
type Changed = [Option<SystemTime>; 2];

impl ReloadedCertificate {
    /// Reads the files.
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        Self::open_with(certificate, key, CHECK_INTERVAL)
    }

    fn open_with(certificate: &Path, key: &Path, check_interval: Duration) -> Result<Self, CertificateError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let changed = changed(certificate, key);
        let certified = read(certificate, key, &provider)?;
        let loaded = Loaded { key: Arc::new(certified), changed, checked: Instant::now() };
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            provider,
            check_interval,
            loaded: RwLock::new(loaded),
        })
    }

    /// A configuration of TLS with this certificate, for HTTP/2 and HTTP/1.1.
    pub fn server_config(self) -> Result<ServerConfig, CertificateError> {
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(CertificateError::Versions)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    /// The present certificate. Files that cannot be used leave the one that was read before.
    fn current(&self) -> Arc<CertifiedKey> {
        {
            let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
            if loaded.checked.elapsed() < self.check_interval {
                return Arc::clone(&loaded.key);
            }
        }
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        loaded.checked = Instant::now();
        let changed = changed(&self.certificate, &self.key);
        if changed != loaded.changed {
            match read(&self.certificate, &self.key, &self.provider) {
                Ok(key) => {
                    tracing::info!("uses a new TLS certificate");
                    loaded.key = Arc::new(key);
                    loaded.changed = changed;
                }
                // A renewal may have written one of the two files only. The next check reads them again.
                Err(error) => {
                    tracing::warn!(error = error_chain(&error), "keeps the TLS certificate that it has");
                }
            }
        }
        Arc::clone(&loaded.key)
    }
}

impl ResolvesServerCert for ReloadedCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

fn changed(certificate: &Path, key: &Path) -> Changed {
    [certificate, key].map(|file| std::fs::metadata(file).and_then(|about| about.modified()).ok())
}

fn read(certificate: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey, CertificateError> {
    let unreadable = |file: &Path| {
        let file = file.to_owned();
        move |source| CertificateError::File { file, source }
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unreadable(certificate))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
    CertifiedKey::from_der(chain, key, provider).map_err(CertificateError::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a new certificate and its key. Gives the certificate's bytes.
    fn write_new(folder: &Path) -> Vec<u8> {
        let made = rcgen::generate_simple_self_signed(vec![String::from("saksi.example")]).unwrap();
        std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        std::fs::write(folder.join("chain.pem"), made.cert.pem()).unwrap();
        made.cert.der().to_vec()
    }

    #[test]
    fn a_renewed_certificate_is_used_and_a_broken_one_leaves_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("chain.pem"), folder.path().join("key.pem")];
        let first = write_new(folder.path());
        let certificate = ReloadedCertificate::open_with(&files[0], &files[1], Duration::ZERO).unwrap();
        let used = || certificate.current().cert[0].to_vec();
        assert_eq!(used(), first);

        let changed_later = |file: &Path, s| {
            let file = std::fs::File::options().write(true).open(file).unwrap();
            file.set_modified(SystemTime::now() + Duration::from_secs(s)).unwrap();
        };
        std::fs::write(&files[0], "half a file").unwrap();
        changed_later(&files[0], 10);
        assert_eq!(used(), first);
        let second = write_new(folder.path());
        changed_later(&files[0], 20);
        assert_eq!(used(), second);
    }
}
