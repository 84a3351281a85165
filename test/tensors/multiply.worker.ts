import { parentPort, workerData } from 'node:worker_threads'
import { tf } from '../../src/tensors/tensorflow.js'

parentPort?.postMessage(tf.mul(7, Number(workerData)).dataSync()[0])
