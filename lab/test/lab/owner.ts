/** Starts a lab, and is killed meanwhile. */
import { openLab } from '../../open';

openLab({ name: 'killed' }).then(() => setInterval(() => {}, 1000));
