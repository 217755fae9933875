/** Starts a control plane, prints its processes and folder, and then stays until it is killed. */
import { startControlPlane } from '../../control-plane/control-plane';

startControlPlane().then(({ pids, folder }) => {
  console.log(JSON.stringify({ pids: pids(), folder }));
  setInterval(() => {}, 1000);
});
