#!/bin/bash
# The commands of docs/operations.md that provision and revoke run as they
# stand there.
set -eu
bin=$(cd "$1" && pwd)
guide=$PWD/docs/operations.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PATH=$bin:$PATH
cd "$folder"

# block HEADING: the first block of commands below it.
block() {
    awk -v heading="$1" '$0 == heading { below = 1 }
        below && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$guide"
}

# What a person types at the prompt stands in a file here.
(umask 077 && echo secret >phrase)
unlock() {
    sed 's|--lock|--lock --pass-phrase-file phrase|
        s|--root root/root.pem|& --pass-phrase-file phrase|'
}

block '## Provision' | unlock >provision
[ "$(grep -c '^gaoshi-' provision)" -eq 8 ] ||
    { echo 'FAILED: the guide has other commands'; exit 1; }
sh -e provision
openssl verify -CAfile ca/ca.pem broker/broker.pem lobby-1/screen.pem \
    li/operator.pem
block '## A certificate was lost or stolen' >revoke
sh -e revoke
if openssl verify -CAfile ca/ca.pem -crl_check -CRLfile ca/crl.pem \
    lobby-1/screen.pem 2>/dev/null; then
    echo 'FAILED: a revoked screen is still good'
    exit 1
fi

# The key of the guide is Li's here.
gaoshi-publish keys new --out new >/dev/null
id=$(openssl pkey -pubin -in li/gaoshi.pub.pem -outform DER | sha256sum |
    cut -c 1-16)
block '## A key that signs was lost, stolen or grows old' | unlock |
    sed "s/3f3c2416a0ab0a78/$id/" >keys
grep rotate keys >rotate
sed -i /rotate/d keys
sh -e rotate
sh -e keys
gaoshi-publish keys list root/keys.gaoshi --root root/root.pub.pem >listed
grep -q "^$id  revoked" listed && grep -q '  good ' listed ||
    { echo 'FAILED: the key was not revoked'; cat listed; exit 1; }

# What the troubles are called there is what the programs say.
cat "$OLDPWD"/protocol/link/*.c | tr -d '"\n' | tr -s ' ' >says
for text in 'is not signed by the CA in' 'certificate expired on' \
    'clock of this machine right?' 'asks for a certificate of ours' \
    'our certificate is revoked'; do
    grep -qF "$text" says || { echo "FAILED: nobody says «$text»"; exit 1; }
done
