// Made from openapi.yaml by: npm run generate

export const operationTable = {
  listCollections: { method: 'GET', path: '/v1/collections', reads: 'json' },
  putCollection: { method: 'PUT', path: '/v1/collections/{collection}', reads: 'json' },
  getCollection: { method: 'GET', path: '/v1/collections/{collection}', reads: 'json' },
  deleteCollection: { method: 'DELETE', path: '/v1/collections/{collection}', reads: 'nothing' },
  listItems: { method: 'GET', path: '/v1/collections/{collection}/items', reads: 'json' },
  putItem: { method: 'PUT', path: '/v1/collections/{collection}/items/{id}', reads: 'json' },
  getItem: { method: 'GET', path: '/v1/collections/{collection}/items/{id}', reads: 'json' },
  patchItem: { method: 'PATCH', path: '/v1/collections/{collection}/items/{id}', reads: 'json' },
  deleteItem: { method: 'DELETE', path: '/v1/collections/{collection}/items/{id}', reads: 'nothing' },
  deleteItems: { method: 'POST', path: '/v1/collections/{collection}/items/delete', reads: 'json' },
  getFacets: { method: 'GET', path: '/v1/collections/{collection}/facets', reads: 'json' },
  search: { method: 'POST', path: '/v1/collections/{collection}/search', reads: 'json' },
  searchBatch: { method: 'POST', path: '/v1/collections/{collection}/search/batch', reads: 'json' },
  embed: { method: 'POST', path: '/v1/embed', reads: 'json' },
  listModels: { method: 'GET', path: '/v1/models', reads: 'json' },
  getModel: { method: 'GET', path: '/v1/models/{model}', reads: 'json' },
  getLiveness: { method: 'GET', path: '/health/live', reads: 'json' },
  getReadiness: { method: 'GET', path: '/health/ready', reads: 'json' },
} as const
