#!/usr/bin/env bash
# Makes a node of a fresh machine, once: containerd with the lab's images, and a kubelet that waits for its credentials.
set -euo pipefail

payload=/opt/payload
mkdir -p "$payload" /etc/lab
echo "/dev/disk/by-id/virtio-payload $payload ext4 ro 0 0" >>/etc/fstab
mount "$payload"

cat >/etc/lab/kubelet.yaml <<'CONFIGURATION'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
# Only this machine's owner reaches it, through a port of its own loopback.
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
cgroupDriver: systemd
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
failSwapOn: false
# Renewed after a quarter of it: sooner than usual, since a restored lab waits for it.
nodeLeaseDurationSeconds: 20
imageGCHighThresholdPercent: 100
evictionHard: { memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1% }
CONFIGURATION

address=$(ip -json -4 address show dev storage | jq -r '.[0].addr_info[0].local')
cat >/etc/systemd/system/kubelet.service <<UNIT
[Unit]
Description=kubelet
After=containerd.service network.target
Wants=containerd.service
ConditionPathExists=/etc/lab/kubeconfig

[Service]
ExecStart=$payload/kubelet --config /etc/lab/kubelet.yaml --kubeconfig /etc/lab/kubeconfig --hostname-override %H --node-ip $address
Restart=on-failure
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT

systemctl daemon-reload
systemctl enable --quiet containerd.service kubelet.service
systemctl start containerd.service
ctr --namespace k8s.io images import --all-platforms "$payload/images/lab.tar"
