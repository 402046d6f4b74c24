"""The design space of decimate - filter - interpolate for a Gaussian, one axis, in operator norms (0013-multirate.md).

    z[k] = sum over x of d(x - p_k) in[x],   q = t * z,   out[n] = sum over k of u(n - p_k) q[k],   p_k = c + k f

Run it to print every table: python multirate_design.py [table ...], tables 1 to 10. Needs NumPy alone.
"""

import sys

import numpy as np

WEIGHT = (0.85, 0.75, 0.65)  # the share of sigma^2 in the spectral weight, by order


def offsets(length):
    """The places of a symmetric vector about its centre: whole numbers or halves."""
    return np.arange(length) - (length - 1) / 2


def gauss(x, sigma, order=0):
    """The sampled, uncut Gaussian or its derivative as correlation weights, divided by the sum of the Gaussian."""
    r = np.arange(-int(12 * sigma) - 2, int(12 * sigma) + 3)
    g = np.exp(-0.5 * (x / sigma) ** 2) / np.exp(-0.5 * (r / sigma) ** 2).sum()
    if order == 1:
        return g * x / sigma**2
    if order == 2:
        return g * ((x / sigma) ** 2 - 1) / sigma**2
    return g


# ---- shapes: vectors of length w f -----------------------------------------------------------------------------------


def bspline(order, f, trick):
    v = np.ones(1)
    for i in range(order):
        v = np.convolve(v, np.ones(f) / f)
        if trick and i:
            v = np.convolve(v, [0.5, 0.5])
    return v


def semicircle(w, f, beta):
    s = 2 * offsets(round(w * f)) / (w * f)
    return np.exp(beta * (np.sqrt(1 - s * s) - 1))


def kaiser(w, f, beta):
    s = 2 * offsets(round(w * f)) / (w * f)
    return np.i0(beta * np.sqrt(1 - s * s)) / np.i0(beta)


def quadrature(n, top):
    x, g = np.polynomial.legendre.leggauss(n)
    return 0.5 * top * (x + 1), 0.5 * top * g


def unfold(half, length):
    return np.concatenate([half[::-1], half]) if length % 2 == 0 else np.concatenate([half[:0:-1], half])


def alias_shape(w, f, rho, a=0.85, basis=None):
    """The symmetric vector of sum 1 with the least alias energy under exp(-a rho^2 theta^2), theta = omega f: the
    quadratic form B - A, as the rows of a QR (as a matrix it would end at the root of the precision). A basis: its
    columns."""
    half = offsets(round(w * f))
    half = half[half >= 0]
    double = np.where(half > 0, 2.0, 1.0)
    theta, q = quadrature(20, min(1.6 * np.pi, 9 / rho))
    freq = (theta[:, None] + 2 * np.pi * np.arange(1, f)[None, :]).ravel() / f
    scale = np.repeat(np.sqrt(q * np.exp(-a * (rho * theta) ** 2)), f - 1)
    rows = scale[:, None] * np.cos(np.outer(freq, half)) * double
    sums = double
    if basis is not None:
        b = basis(2 * half / (w * f))
        rows, sums = rows @ b, sums @ b
    r = np.linalg.qr(rows, mode="r")
    v = np.linalg.lstsq(r, np.linalg.lstsq(r.T, sums, rcond=None)[0], rcond=1e-16)[0]
    v /= sums @ v
    return unfold(v if basis is None else b @ v, round(w * f))


def polynomial(terms):
    return lambda s: np.stack([np.cos(2 * j * np.arccos(s)) for j in range(terms)], 1)


def cosines(terms):
    return lambda s: np.stack([np.cos(np.pi * j * s) for j in range(terms)], 1)


def design(length, f, rho, a=WEIGHT[0], edge=None, nq=16, nodes=10, unit=True):
    """The shape this project takes. Each phase s = (n - p) / f has a few taps u(s + kappa); they are fitted, under the
    weight exp(-a rho^2 theta^2), to a response P(theta) that all phases share, with sum exactly 1. P itself is the one
    that is fitted best, P(0) = 1. Phases at the ends, |s| near 1/2, count (1 + edge) times."""
    width = length / f
    edge = (3.0 if f >= 10 else 0.0) if edge is None else edge
    theta, q = quadrature(nq, min(1.6 * np.pi, 9 / rho))
    scale = np.sqrt(q * np.exp(-a * (rho * theta) ** 2))
    theta, scale = np.r_[0, theta], np.r_[1e3 if unit else 1e-3, scale]
    x = offsets(length)
    every = x[(x >= -f / 2 - 1e-9) & (x < f / 2 - 1e-9)] / f

    def fit(s):
        k = np.arange(-int(width) - 2, int(width) + 3)
        k = k[np.abs(s + k) < width / 2 - 1e-9]
        return k, np.linalg.qr(np.concatenate([scale[:, None] * fn(np.outer(theta, s + k)) for fn in (np.cos, np.sin)]))

    odd = round(width) % 2
    if length == round(width) * f and f > 16:  # many phases: P from a few Gauss-Legendre ones
        depth, mass = quadrature(nodes // 2, 1.0)
        fitted = depth / 2 if odd else 0.5 - depth / 2
    else:
        fitted = every[every < 1e-9]
        mass = np.where((fitted > -1e-9) | (fitted < -0.5 + 1e-9), 0.5, 1.0)
        depth = -2 * fitted if odd else 1 + 2 * fitted
    mass = mass * (1 + edge * depth**6)
    target = np.concatenate([np.diag(scale), np.zeros((len(theta), len(theta)))])
    left = []
    for s, m in zip(fitted, mass):
        _, (qm, _) = fit(s)
        left.append(np.sqrt(m) * (target - qm @ (qm.T @ target)))
    left = np.concatenate(left)
    n = len(theta) - 1
    held = np.c_[np.zeros(n), 1e-15 * np.eye(n)]  # keeps what the rows do not decide at the size of rounding
    r = np.linalg.qr(np.concatenate([left, held])[:, np.r_[1 : n + 1, 0]], mode="r")
    p = np.r_[1.0, -np.linalg.solve(r[:n, :n], r[:n, n])]
    u = np.zeros(length)
    for s in every:
        k, (qm, rm) = fit(s)
        u[np.rint((s + k) * f - x[0]).astype(int)] = np.linalg.solve(rm, qm.T @ (target @ p))
    return 0.5 * (u + u[::-1])


# ---- taps, composite, norm -------------------------------------------------------------------------------------------


def normalise(u, f):
    """Every phase gets sum 1: gain 1 at order 0, and at order 1 the first moment of the taps."""
    u = u.copy()
    for r in range(f):
        u[r::f] /= u[r::f].sum()
    return u


def lags(u, f, n):
    return np.array([u[k * f :] @ u[: len(u) - k * f] if k * f < len(u) else 0.0 for k in range(n + 1)])


def taps_ls(u, d, f, sigma, order, radius):
    """Least squares of the composite against the target over all phases: a Toeplitz system, with the moment the order
    asks for (sum 1; sum 0 and the target's first moment; sum 0) as a constraint."""
    au, ad = lags(u, f, 2 * radius), lags(d, f, 2 * radius)
    full = np.convolve(np.concatenate([au[:0:-1], au]), np.concatenate([ad[:0:-1], ad]))
    j = np.arange(-radius, radius + 1)
    gram = full[len(full) // 2 + np.subtract.outer(j, j)]
    v = np.convolve(u, d)
    b = gauss(np.add.outer(j * f, offsets(len(v))), sigma, order) @ v
    if order == 1:
        x = np.arange(-int(12 * sigma) - 2, int(12 * sigma) + 3)
        con, value = j * float(f), x @ gauss(x, sigma, 1)
    else:
        con, value = np.ones(len(j)), float(order == 0)
    sol = np.linalg.solve(gram, np.stack([b, con]).T)
    return sol[:, 0] + sol[:, 1] * (value - con @ sol[:, 0]) / (con @ sol[:, 1])


def taps_division(u, d, f, sigma, radius, n=512):
    """Order 0 by division of the spectra, cut at the radius, sum 1."""
    om = 2 * np.pi * np.fft.fftfreq(n) / f
    su, sd = (np.cos(np.outer(om, offsets(len(v)))) @ v for v in (u, d))
    t = np.real(np.fft.ifft(f * np.exp(-0.5 * (sigma * om) ** 2) / (su * sd)))
    t = np.concatenate([t[-radius:], t[: radius + 1]])
    return t / t.sum()


def composite(u, d, t, f):
    """The phases of the composite, a row each, over one range of offsets from p_0: (offsets, phases, rows)."""
    radius = len(t) // 2
    up = np.zeros(2 * radius * f + 1)
    up[::f] = t
    big = np.convolve(up, d)
    ou = offsets(len(u))
    phases = ou[np.searchsorted(ou, -f / 2)] + np.arange(f)
    reach = int((len(u) - 1) / 2 // f) + 1
    coef = np.zeros((f, 2 * reach + 1))
    shifted = np.zeros((2 * reach + 1, len(big) + 2 * reach * f))
    for i, k in enumerate(range(-reach, reach + 1)):
        at = np.rint(phases - k * f - ou[0]).astype(int)
        ok = (at >= 0) & (at < len(u))
        coef[ok, i] = u[at[ok]]
        shifted[i, i * f : i * f + len(big)] = big
    return offsets(shifted.shape[1]), phases, coef @ shifted


def norms(u, d, t, f, sigma, order=0):
    """sum |h - g| / sum |g| for each phase."""
    grid, phases, h = composite(u, d, t, f)
    extra = int(max(0, 10 * sigma - grid[-1])) + 1
    grid = offsets(len(grid) + 2 * extra)
    g = gauss(grid[None, :] - phases[:, None], sigma, order)
    whole = np.abs(gauss(np.arange(-int(10 * sigma), int(10 * sigma) + 1), sigma, order)).sum()
    return np.abs(np.pad(h, ((0, 0), (extra, extra))) - g).sum(1) / whole


def system(u, d, f, sigma, order=0, radius=None):
    """(u, d, t) normalised, with least-squares taps."""
    d, u = d / d.sum(), normalise(u, f)
    return u, d, taps_ls(u, d, f, sigma, order, int(np.ceil(8 * sigma / f)) + 4 if radius is None else radius)


def error(u, d, f, sigma, order=0, radius=None):
    return norms(*system(u, d, f, sigma, order, radius), f, sigma, order).max()


# ---- tables ----------------------------------------------------------------------------------------------------------

FACTORS = (2, 3, 4, 6, 8, 16, 40)
RATIOS = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10)
SIGMAS = (4, 5, 8, 10, 16, 20, 60, 200)
TOLERANCES = (1e-2, 4.9e-4, 1e-4, 1e-6, 1e-10)


def cost(ld, lu, f, radius):
    """Multiplications a pixel in two dimensions: columns down, rows down, taps (folded, both axes), rows up, columns
    up; and the same with the column passes folded in mirrored pairs of phases."""
    low = (ld + lu) / f**2 + 2 * (radius + 1) / f**2
    return (ld + lu) / f + low, (ld + lu) / (2 * f) + low


def least_radius(u, d, f, sigma, limit, order=0):
    """The smallest radius of the low-rate taps that meets the limit."""
    low, high = 0, int(np.ceil(8 * sigma / f)) + 4
    while high - low > 1:
        mid = (low + high) // 2
        low, high = (low, mid) if error(u, d, f, sigma, order, mid) <= limit else (mid, high)
    return high


def widest(w, sigma, limit, order=0):
    """The largest factor at which width w meets the limit: (factor, shape), or None."""
    shape = {}

    def fits(f):
        shape[f] = design(w * f, f, sigma / f, WEIGHT[order])
        return error(shape[f], shape[f], f, sigma, order) <= limit

    low, high = 1, int(sigma) + 1
    while high - low > 1:
        mid = (low + high) // 2
        low, high = (mid, high) if fits(mid) else (low, mid)
    return (low, shape[low]) if low > 1 else None


def best_beta(shape, w, f, sigma):
    """The least norm over the shape parameter: a coarse scan, then golden sections."""

    def value(b):
        s = shape(w, f, b)
        return error(s, s, f, sigma)

    grid = np.linspace(w, 3.2 * w, 9)
    values = [value(b) for b in grid]
    i = int(np.argmin(values))
    a, b = grid[max(i - 1, 0)], grid[min(i + 1, 8)]
    for _ in range(6):
        m = a + 0.382 * (b - a), a + 0.618 * (b - a)
        c = [value(x) for x in m]
        values += c
        a, b = (a, m[1]) if c[0] < c[1] else (m[0], b)
    return min(values)


def table1():
    """1. E of the kernels, order 0.
    B: B-spline; +11: with the [1 1] trick; ES: exponential of semicircle, KB: Kaiser-Bessel, best beta; LS: least alias
    energy, best a of 0.3 0.5 0.7 0.85 1; P: phases fitted to one response (the choice); mul: its multiplications"""
    print("   f  rho   w  B       B+11    ES      KB      LS   (a)     P       mul [folded], radius")
    for f in (2, 4, 24):
        for rho in (1.5, 2, 3, 5):
            for w in range(2, 9):
                sigma = f * rho
                row = [error(v, v, f, sigma) for v in (bspline(w, f, False), bspline(w, f, True))]
                row += [best_beta(shape, w, f, sigma) for shape in (semicircle, kaiser)]
                ls = []
                for a in (0.3, 0.5, 0.7, 0.85, 1):
                    v = alias_shape(w, f, rho, a)
                    ls.append((error(v, v, f, sigma), a))
                u = design(w * f, f, rho)
                e = error(u, u, f, sigma)
                radius = least_radius(u, u, f, sigma, 1.2 * e)
                c = cost(w * f, w * f, f, radius)
                text = f"  {f:>2} {rho:>4g}  {w:>2}  " + " ".join(f"{x:.1e}" for x in row + [min(ls)[0]])
                print(text + f" ({min(ls)[1]:<4g}) {e:.1e}  {c[0]:.1f} [{c[1]:.1f}], R {radius}")


def refit(other, t, f, sigma, width):
    """The best vector of this width for a given partner and taps: least squares over all phases, each with its sum."""
    up = np.zeros((len(t) - 1) * f + 1)
    up[::f] = t
    big = np.convolve(up, other)
    auto = np.array([big[k * f :] @ big[: len(big) - k * f] for k in range(width)])
    k = np.arange(width)
    gram = auto[np.abs(np.subtract.outer(k, k))]
    right = gauss(np.subtract.outer(offsets(width * f), offsets(len(big))), sigma) @ big
    out = np.zeros(width * f)
    for r in range(f):
        sol = np.linalg.solve(gram, np.stack([right[r::f], np.ones(width)]).T)
        out[r::f] = sol[:, 0] + sol[:, 1] * (1 / big.sum() - sol[:, 0].sum()) / sol[:, 1].sum()
    return out


def table2():
    """2. What the choices in the design are worth: E of P, then relative to it
    a 0.7, a 1; edge 0, 3, 10; sums not held; d without them; d's phases normalised; d wider by 1 (2 if f is odd);
    u wider; both; six rounds of alternating least squares in u, d and t"""
    print("   f  rho  w   E         a.7   a1    e0    e3    e10   free  dfree dnorm d+    u+    both  ALS")
    for f in (2, 3, 6, 16, 40):
        for w, rho in ((2, 2), (3, 1.5), (3, 3), (4, 2), (4, 5), (5, 2), (5, 4), (6, 2.5), (7, 2.5), (8, 3)):
            sigma, more = f * rho, w + 1 + f % 2
            u = design(w * f, f, rho)
            wide = design(more * f, f, rho)
            e = error(u, u, f, sigma)
            free = design(w * f, f, rho, unit=False)
            row = []
            for v in (design(w * f, f, rho, 0.7), design(w * f, f, rho, 1.0)):
                row.append(error(v, v, f, sigma))
            for edge in (0, 3, 10):
                v = design(w * f, f, rho, edge=edge)
                row.append(error(v, v, f, sigma))
            row += [error(free, free, f, sigma), error(u, free, f, sigma), error(u, normalise(u, f), f, sigma)]
            row += [error(u, wide, f, sigma), error(wide, u, f, sigma), error(wide, wide, f, sigma)]
            un, d, t = system(u, u, f, sigma)
            for _ in range(6):
                un = normalise(refit(d, t, f, sigma, w), f)
                d = refit(un, t, f, sigma, w)
                d /= d.sum()
                t = taps_ls(un, d, f, sigma, 0, len(t) // 2)
            row.append(norms(un, d, t, f, sigma).max())
            print(f"  {f:>2} {rho:>4g}  {w}   {e:.1e}  " + " ".join(f"{x / e:5.2f}" for x in row))


def table3():
    """3. E relative to LS (a = 0.85): even polynomials and cosines cos(pi j s) over the whole support, by number of
    terms; and P from n phases"""
    for f in (4, 16, 100):
        for w, rho in ((3, 1.5), (4, 2), (5, 2), (6, 2.5), (8, 3)):
            v = alias_shape(w, f, rho)
            e = error(v, v, f, f * rho)
            text = f"  f{f:<3} w{w} rho {rho:<4g} {e:.1e}:"
            for name, basis in (("poly", polynomial), ("cos", cosines)):
                terms = (3, 4, 6, 8, 10, w + 4) if w < 6 else (4, 6, 8, 10, 12)
                got = []
                for n in terms:
                    if n <= w * f // 2:
                        v = alias_shape(w, f, rho, basis=basis(n))
                        got.append(f"{n}: {error(v, v, f, f * rho) / e:.3g}")
                text += f" {name} " + ", ".join(got) + ";"
            got = []
            for n in (4, 6, 10, 20):
                v = design(w * f, f, rho, nodes=n)
                got.append(f"{n}: {error(v, v, f, f * rho) / e:.2f}")
            print(text + " P " + ", ".join(got if f > 16 else got[:1]))


def table4():
    """4. The radius R of the low-rate taps, f = 8
    smallest R with E(R) <= 1.1 and 1.5 times the E of no cut; z rho with erfc(z / sqrt 2) = E; and E(R) / E for least
    squares / division at the first R, one and two fewer"""
    for w in range(2, 9):
        for rho in (1.5, 2, 3, 4, 6, 10):
            f, sigma = 8, 8 * rho
            u = design(w * f, f, rho)
            un, d, _ = system(u, u, f, sigma)
            e = error(u, u, f, sigma)
            if e < 1e-12:
                continue
            r = least_radius(u, u, f, sigma, 1.1 * e), least_radius(u, u, f, sigma, 1.5 * e)
            tail = np.abs(np.arange(1, 200 * sigma))
            mass = 1 - np.cumsum(np.r_[1, 2 * np.exp(-0.5 * (tail / sigma) ** 2)]) / (sigma * np.sqrt(2 * np.pi))
            z = np.argmax(mass <= e) / sigma
            got = []
            for n in range(r[0], max(0, r[0] - 3), -1):
                div = norms(un, d, taps_division(un, d, f, sigma, n), f, sigma).max()
                got.append(f"{error(u, u, f, sigma, 0, n) / e:.2g}/{div / e:.2g}")
            print(f"  w{w} rho {rho:<4g} E {e:.1e}  R {r[0]:>3} {r[1]:>3}  z rho {z * rho:5.1f}  " + "  ".join(got))


def table5():
    """5. Rounding the weights to f32
    E in f64, E of the stored ones; their distance sum |h - h32|, with the part of each; gain off by"""
    for f, rho, w in ((2, 2, 6), (4, 2, 6), (4, 2.5, 7), (6, 2.67, 5), (16, 2, 5), (16, 3, 6), (40, 2, 8), (40, 4, 5)):
        sigma = f * rho
        u = design(w * f, f, rho)
        u, d, t = system(u, u, f, sigma)
        h = composite(u, d, t, f)[2]
        stored = [v.astype(np.float32).astype(float) for v in (u, d, t)]
        g = composite(*stored, f)[2]
        parts = []
        for i in range(3):
            one = [u, d, t]
            one[i] = stored[i]
            parts.append(np.abs(composite(*one, f)[2] - h).sum(1).max())
        both = [norms(*v, f, sigma).max() for v in ((u, d, t), stored)]
        text = f"  f{f:<3} rho {rho:<4g} w{w}: {both[0]:.2e} {both[1]:.2e} distance {np.abs(g - h).sum(1).max():.1e}"
        text += " (u {:.1e}, d {:.1e}, t {:.1e})".format(*parts)
        print(text + f" gain {np.abs(g.sum(1) - 1).max():.1e}")


def reach(index, n, border):
    """The sample that stands at an index outside, or -1 for none."""
    if border == "reflect":
        index = index % (2 * n)
        return np.where(index < n, index, 2 * n - 1 - index)
    if border == "mirror":
        index = index % max(2 * n - 2, 1)
        return np.where(index < n, index, 2 * n - 2 - index)
    if border == "wrap":
        return index % n
    if border == "nearest":
        return np.clip(index, 0, n - 1)
    return np.where((index >= 0) & (index < n), index, -1)


def fold(index, weights, n, border):
    row = np.zeros(n)
    at = reach(index, n, border)
    np.add.at(row, at[at >= 0], weights[at >= 0])
    return row


def mirrored_low(u, d, t, f, n, start):
    """The matrix under reflect if z is made on the grid points of the axis alone and then mirrored at its edges."""
    points = np.arange(start, n - 0.5 + 1e-9, f)
    count = len(points)
    down = np.stack([fold(np.rint(p + offsets(len(d))).astype(int), d, n, "reflect") for p in points])
    first, last = int(points[0] == -0.5), int(points[-1] == n - 0.5)  # a point on an edge is not repeated
    radius = len(t) // 2
    out = np.zeros((n, n))
    for i in range(n):
        for k in range(int((i - start) // f) - len(u) // f, int((i - start) // f) + len(u) // f + 2):
            x = round(i - start - k * f - offsets(len(u))[0])
            for j in range(-radius, radius + 1) if 0 <= x < len(u) else ():
                at = (k + j) % max(2 * count - first - last, 1)
                out[i] += u[x] * t[j + radius] * down[at if at < count else 2 * count - 1 - last - at]
    return out


def table6():
    """6. Borders: norm of (matrix - target's matrix), w 5, rho 2
    the signal extended at the full rate, by border; then, under reflect, the low-rate data mirrored at the edges
    instead, on a grid that is symmetric about the first one"""
    for f, n in ((4, 37), (4, 64), (4, 66), (5, 40), (5, 43), (8, 13), (8, 3), (16, 1)):
        w, rho = 5, 2
        sigma = rho * f
        u = design(w * f, f, rho)
        u, d, t = system(u, u, f, sigma)
        grid, phases, h = composite(u, d, t, f)
        whole = np.arange(-int(11 * sigma), int(11 * sigma) + 1)
        text = f"  f{f:<2} n {n:<3} E {norms(u, d, t, f, sigma).max():.2e}:"
        start = 0.0 if len(u) % 2 else -0.5  # p_0, which fixes the phases; the grid of whole numbers has odd lengths
        if len(u) % 2:
            start = (f - 1) / 2 if f % 2 else 0.0
        for border in ("reflect", "mirror", "wrap", "nearest", "constant"):
            worst = 0.0
            for i in range(n):
                r = int(np.rint((i - start - phases[0]) % f))
                at = np.rint(grid - phases[r]).astype(int) + i
                row = fold(at, h[r], n, border) - fold(whole + i, gauss(whole, sigma), n, border)
                worst = max(worst, np.abs(row).sum())
            text += f" {border} {worst:.2e}"
        target = np.stack([fold(whole + i, gauss(whole, sigma), n, "reflect") for i in range(n)])
        print(text + f"; low-rate {np.abs(mirrored_low(u, d, t, f, n, start) - target).sum(1).max():.1e}")


def table7():
    """7. The worst E over the factors, by order, width (down) and rho = sigma / f (across)"""
    for order in range(3):
        print(f"  order {order}, f in {FACTORS}, weight {WEIGHT[order]}")
        print("  w  " + "".join(f"{r:<9g}" for r in RATIOS))
        for w in range(2, 10):
            row = []
            for rho in RATIOS:
                u = {f: design(w * f, f, rho, WEIGHT[order]) for f in FACTORS}
                row.append(max(error(u[f], u[f], f, f * rho, order) for f in FACTORS))
            print(f"  {w}  " + "".join(f"{e:<9.1e}" for e in row))


def table8(sigmas=SIGMAS):
    """8. The cheapest width and factor for each tolerance in two dimensions
    sigma: w f R, E / (tol / 2), multiplications [folded]; then the next widths"""
    for tol in sorted((*TOLERANCES, 3e-7), reverse=True):  # 3e-7: 1e-6 with rounding taking the rest
        print(f"  2-D tolerance {tol:g}")
        for sigma in sigmas:
            found = []
            for w in range(2, 10):
                hit = widest(w, sigma, tol / 2)
                if hit:
                    f, u = hit
                    r = least_radius(u, u, f, sigma, tol / 2)
                    found.append((cost(w * f, w * f, f, r), w, f, r, error(u, u, f, sigma, 0, r) / (tol / 2)))
            found.sort()
            best = (f"w{w} f{f} R{r} {e:.2f} {c[0]:.1f} [{c[1]:.1f}]" for c, w, f, r, e in found[:3])
            print(f"  {sigma:>4g}: " + "; ".join(best))


def table9():
    """9. As 8 with lengths of any size, equal for d and u: phases of w and of w - 1 taps
    sigma: length / f, f, R, multiplications [folded] (gain over whole widths)"""
    for tol in TOLERANCES:
        text = f"  {tol:g}:"
        for sigma in SIGMAS[:6]:
            best, whole = [], []
            for f in range(2, int(sigma / 1.1) + 1):
                shapes = {}

                def fits(length, f=f, shapes=shapes, sigma=sigma, limit=tol / 2):
                    shapes[length] = design(length, f, sigma / f)
                    return error(shapes[length], shapes[length], f, sigma) <= limit

                low, high = 2 * f - 1, 9 * f
                if not fits(high):
                    continue
                while high - low > 1:
                    mid = (low + high) // 2
                    low, high = (low, mid) if fits(mid) else (mid, high)
                up = -(-high // f) * f
                for length, found in ((high, best), (up, whole)):
                    if fits(length):
                        r = least_radius(shapes[length], shapes[length], f, sigma, tol / 2)
                        found.append((cost(length, length, f, r), length, f, r))
            if best:
                c, length, f, r = min(best)
                gain = 1 - c[0] / min(whole)[0][0] if whole else 0
                text += f" {sigma}: {length / f:.2f} f{f} R{r} {c[0]:.1f} [{c[1]:.1f}] ({100 * gain:.0f} %);"
        print(text)


def table10():
    """10. Two stages on paper: norms added, half of the limit each; 6 rho as the radius
    multiplications (outer w f, inner w f), against one stage"""
    for tol in TOLERANCES:
        text = f"  {tol:g}:"
        for sigma in (60, 200):
            hits = {w: widest(w, sigma, tol / 2) for w in range(2, 9)}
            one = min(2 * w * (1 + 1 / h[0]) + 2 * (6 * sigma / h[0] + 1) / h[0] ** 2 for w, h in hits.items() if h)
            two = [(np.inf, 0, 0, 0, 0)]
            for w in range(2, 9):
                outer = widest(w, sigma, tol / 4) if 2 * w < one else None
                for inner_w in range(w, 9) if outer else []:
                    f = outer[0]
                    inner = widest(inner_w, sigma / f, tol / 4)
                    if inner:
                        both = f * inner[0]
                        taps = 2 * (6 * sigma / both + 1) / both**2
                        two.append(((2 * w + 2 * inner_w / f) * (1 + 1 / both) + taps, w, f, inner_w, inner[0]))
            c, w, f, v, g = min(two)
            text += f"  sigma {sigma}: {c:.1f} (w{w} f{f}, w{v} f{g}) against {one:.1f};"
        print(text)


if __name__ == "__main__":
    for name in sys.argv[1:] or [str(i) for i in range(1, 11)]:
        table = globals()["table" + name]
        print("\n" + table.__doc__)
        table()
