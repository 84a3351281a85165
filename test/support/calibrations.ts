import type { Calibration, CalibrationFacts } from '../../src/bundles/calibration.js'

export const calibrationFacts: CalibrationFacts = {
  data: 'made',
  seed: 0,
  neighbours: 20,
  pairs: { fitted: 100, reported: 100 },
  logLoss: { isotonic: 0.5, logistic: 0.4, constant: 0.7 },
  reliability: [{ from: 0.5, to: 0.6, pairs: 100, predicted: 0.55, observed: 0.5 }],
  gallery: { images: 50, classes: 10, imagesPerClass: 5 },
}

/** Half at a score of 0.5. */
export const logisticCalibration: Calibration = {
  method: 'logistic',
  slope: 8,
  intercept: -4,
  ...calibrationFacts,
}
