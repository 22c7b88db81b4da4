import { observeProjections } from 'keyfold/opentelemetry'
import type { Projections } from 'keyfold/projections'

export const tellOfViews = (projections: Projections) => observeProjections(projections, { names: ['charges'] })
