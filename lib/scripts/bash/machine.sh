# shellcheck shell=bash
# Which machine this is. A caller that knows which one it should be sets expected_node (its name in the cluster),
# expected_machine (its machine id) and expected_boot (its boot id, or nothing) before the script; see `onMachine` in
# lib/scripts/script.ts. They are no parameters: the same script has the same hash on every node.

# Prints the machine id that the kubelet reports as status.nodeInfo.machineID: that of the first file that can be read.
# machine-id(5) wants hexadecimal digits in lower case; some systems write dashes.
machine_id() {
  { cat /etc/machine-id || cat /var/lib/dbus/machine-id || true; } 2>/dev/null | tr --delete '[:space:]-' | tr '[:upper:]' '[:lower:]'
}

# Ends the script on another machine than the caller expects, before it has looked at anything.
# shellcheck disable=SC2154
require_machine() {
  local found
  found=$(machine_id)
  [[ $found == "$expected_machine" ]] || report declined "is another machine: its machine id is ${found:-missing}, and the cluster has \
$expected_machine for $expected_node (status.nodeInfo.machineID). Correct the node's address in the description; if its machine id was \
changed, restart its kubelet" other-machine
  found=$(</proc/sys/kernel/random/boot_id)
  [[ -z $expected_boot || $found == "$expected_boot" ]] || report declined "may be another machine: more than one node of the cluster has \
its machine id, $expected_machine. Its boot id is $found, and the cluster has $expected_boot for $expected_node \
(status.nodeInfo.bootID). Give each node a machine id of its own; if it has just been restarted, wait until its kubelet runs" other-machine
}

[[ -z ${expected_machine:-} ]] || require_machine
