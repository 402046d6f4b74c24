// The whole core in one include: arrays, borders, kernels, plans, filters. Not pictures.h.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>
#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>
#include <gaussfilt/gaussian_regions.h>
#include <gaussfilt/kernel.h>
#include <gaussfilt/named_kernels.h>
#include <gaussfilt/plan.h>
#include <gaussfilt/regions.h>
#include <gaussfilt/runtime.h>
#include <gaussfilt/version.h>
