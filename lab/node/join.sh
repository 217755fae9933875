#!/usr/bin/env bash
# Lets the kubelet join the control plane whose kubeconfig is read from stdin.
set -euo pipefail

umask 077
mkdir -p /etc/lab
cat >/etc/lab/kubeconfig.draft
mv /etc/lab/kubeconfig.draft /etc/lab/kubeconfig
systemctl restart kubelet
