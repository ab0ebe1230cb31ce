"""What an SSH server uses: modern ciphers and exchanges of keys alone, as asyncssh is told of them."""

from __future__ import annotations

from collections.abc import Sequence

ALGORITHMS: dict[str, Sequence[str] | None] = {
    "kex_algs": (
        "mlkem768x25519-sha256",
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
    ),
    "encryption_algs": ("aes256-gcm@openssh.com", "aes128-gcm@openssh.com"),
    "mac_algs": ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"),
    "compression_algs": None,
    "signature_algs": (
        "ssh-ed25519",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "rsa-sha2-256",
        "rsa-sha2-512",
    ),
}
