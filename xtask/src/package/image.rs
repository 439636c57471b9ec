//! The endpoint as a container image: one layer with the program and the libraries that it loads, in the OCI
//! image format, made without a daemon.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Release, copy, make_folder, output_of, size_bytes, write};
use crate::workspace::root;

/// The number of the user and group inside. They have no name elsewhere.
pub(super) const USER: &str = "10001";
const DATA: &str = "var/lib/saksi";

/// Builds the image and returns its file.
///
/// # Errors
/// When a library is missing, or `tar` or `gzip` fails.
pub(super) fn build(release: &Release) -> Result<PathBuf> {
    let inside = release.staging("image")?;
    fill(release, &inside)?;
    let image = release.staging("image-layout")?;
    let (layer, layer_of_tar) = layer(release, &inside, &image)?;
    let config = blob(&image, &configuration(release, &layer_of_tar)?.to_string())?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", &layer)],
    });
    let manifest = blob(&image, &manifest.to_string())?;
    let mut entry = descriptor("application/vnd.oci.image.manifest.v1+json", &manifest);
    // `podman load` and `docker load` name the image by this.
    entry["annotations"] =
        json!({ "org.opencontainers.image.ref.name": format!("saksi-central:{}", release.version) });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [entry],
    });
    write(&image.join("index.json"), index.to_string())?;
    write(&image.join("oci-layout"), json!({ "imageLayoutVersion": "1.0.0" }).to_string())?;
    let file = release.file("saksi-central", "oci.tar");
    output_of(&mut pack(release, &file, &image, "0", &["--create", "."]))?;
    Ok(file)
}

/// Puts the files of the image into a folder.
fn fill(release: &Release, inside: &Path) -> Result<()> {
    let program = inside.join("usr/bin/saksi-central");
    copy(&release.programs.join("saksi-central"), &program)?;
    output_of(Command::new("strip").arg("--strip-unneeded").arg(&program))?;
    for library in libraries_in(&output_of(Command::new("ldd").arg(&program))?) {
        copy(Path::new(library), &inside.join(library.trim_start_matches('/')))?;
    }
    // Authorities of certificates, for the connections to a database server and a bucket.
    let authorities = Path::new("/etc/ssl/certs/ca-certificates.crt");
    if authorities.exists() {
        copy(authorities, &inside.join("etc/ssl/certs/ca-certificates.crt"))?;
    }
    let passwd =
        format!("root:x:0:0:root:/:/sbin/nologin\nsaksi:x:{USER}:{USER}:saksi:/{DATA}:/sbin/nologin\n");
    write(&inside.join("etc/passwd"), passwd)?;
    write(&inside.join("etc/group"), format!("root:x:0:\nsaksi:x:{USER}:\n"))?;
    copy(&root().join("LICENSE"), &inside.join("usr/share/doc/saksi-central/copyright"))?;
    make_folder(&inside.join("tmp"))?;
    make_folder(&inside.join(DATA))
}

/// The paths of libraries in what `ldd` prints, the loader included.
fn libraries_in(printed: &str) -> Vec<&str> {
    let paths = printed.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    paths.collect()
}

/// A file of the image's layout, named by its hash.
struct Blob {
    digest: String,
    bytes: u64,
}

/// Packs the files; returns the layer, and the digest of its archive before compression.
fn layer(release: &Release, inside: &Path, image: &Path) -> Result<(Blob, String)> {
    let archive = image.join("layer.tar");
    let system = ["--create", "--exclude", "./tmp", "--exclude", "./var", "."];
    output_of(&mut pack(release, &archive, inside, "0", &system))?;
    let data = ["--append", &format!("./{DATA}"), "./tmp"];
    output_of(&mut pack(release, &archive, inside, USER, &data))?;
    let before = digest(&archive)?;
    output_of(Command::new("gzip").args(["-9", "-n"]).arg(&archive))?;
    let compressed = image.join("layer.tar.gz");
    let blob = Blob { digest: digest(&compressed)?, bytes: size_bytes(&compressed)? };
    copy(&compressed, &path_of(image, &blob))?;
    std::fs::remove_file(&compressed).context("cannot remove the layer's first copy")?;
    Ok((blob, before))
}

/// `tar` in one order, with one owner and one time; `what` says what to do with which files.
fn pack(release: &Release, file: &Path, folder: &Path, owner: &str, what: &[&str]) -> Command {
    let mut command = Command::new("tar");
    command.arg("--file").arg(file).arg("--directory").arg(folder);
    command.args(["--sort=name", "--format=gnu", "--numeric-owner", "--owner", owner, "--group", owner]);
    command.arg(format!("--mtime=@{}", release.epoch_s));
    command.args(what);
    command
}

fn configuration(release: &Release, layer_of_tar: &str) -> Result<Value> {
    let created = output_of(
        Command::new("date")
            .args(["--utc", "+%Y-%m-%dT%H:%M:%SZ", "--date"])
            .arg(format!("@{}", release.epoch_s)),
    )?;
    Ok(json!({
        "created": created.trim(),
        "architecture": release.architecture,
        "os": "linux",
        "config": {
            "User": format!("{USER}:{USER}"),
            "Env": [format!("SAKSI_CENTRAL_DATA=/{DATA}"), "SAKSI_CENTRAL_LISTEN=0.0.0.0:8080"],
            "Entrypoint": ["/usr/bin/saksi-central"],
            "Cmd": ["serve"],
            "WorkingDir": format!("/{DATA}"),
            "ExposedPorts": { "8080/tcp": {} },
            "Volumes": { format!("/{DATA}"): {} },
            "StopSignal": "SIGTERM",
            "Labels": {
                "org.opencontainers.image.title": "saksi-central",
                "org.opencontainers.image.description": "Endpoint that collects the signed tallies of witnesses",
                "org.opencontainers.image.version": release.version,
                "org.opencontainers.image.licenses": "Apache-2.0",
            },
        },
        "rootfs": { "type": "layers", "diff_ids": [layer_of_tar] },
        "history": [{ "created": created.trim(), "created_by": "cargo xtask package" }],
    }))
}

fn blob(image: &Path, content: &str) -> Result<Blob> {
    let temporary = image.join("blob");
    write(&temporary, content)?;
    let blob = Blob { digest: digest(&temporary)?, bytes: size_bytes(&temporary)? };
    let path = path_of(image, &blob);
    path.parent().map_or(Ok(()), make_folder)?;
    std::fs::rename(&temporary, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(blob)
}

fn path_of(image: &Path, blob: &Blob) -> PathBuf {
    image.join("blobs").join(blob.digest.replace(':', "/"))
}

fn descriptor(media_type: &str, blob: &Blob) -> Value {
    json!({ "mediaType": media_type, "digest": blob.digest, "size": blob.bytes })
}

fn digest(file: &Path) -> Result<String> {
    let printed = output_of(Command::new("sha256sum").arg(file))?;
    let hash = printed.split_whitespace().next().context("sha256sum printed nothing")?;
    Ok(format!("sha256:{hash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_the_paths_that_ldd_prints() {
        let printed = "\tlinux-vdso.so.1 (0x00007ffd)\n\
                       \tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)\n\
                       \t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";
        assert_eq!(libraries_in(printed), ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
    }

    #[test]
    fn a_blob_is_named_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let blob = blob(folder.path(), "").unwrap();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(blob.digest, format!("sha256:{empty}"));
        assert!(folder.path().join("blobs/sha256").join(empty).is_file());
    }
}
