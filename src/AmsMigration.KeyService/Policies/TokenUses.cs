using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AmsMigration.KeyService.Keys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AmsMigration.KeyService.Policies;

/// <summary>
/// Media Services' token replay prevention: a token with the claim <c>maxuses</c> is let in that many times, and may not live longer than an hour. Counted by each
/// process for itself. Safe for use by several threads.
/// </summary>
internal sealed class TokenUses(TimeProvider time)
{
    public const string MaxUsesClaim = "urn:microsoft:azure:mediaservices:maxuses";

    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private long _nextSweep;

    /// <summary>Null where the token may be used once more, or as often as one likes.</summary>
    public Problem? Count(JsonWebToken token, PresentedToken presented)
    {
        if (!token.TryGetPayloadValue(MaxUsesClaim, out object? claim))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = new(token.ValidTo, TimeSpan.Zero);
        if (!int.TryParse(Convert.ToString(claim, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out int most) || end - now > LongestLife)
        {
            return Problem.TokenUsedUp;
        }

        Sweep(now);
        Use use = _uses.GetOrAdd(IdOf(token), _ => new Use(end));
        return use.TryCount(presented, most) ? null : Problem.TokenUsedUp;
    }

    /// <summary>What was signed: a signature can be written in several ways.</summary>
    private static string IdOf(JsonWebToken token) =>
        Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token.EncodedHeader + "." + token.EncodedPayload)));

    private void Sweep(DateTimeOffset now)
    {
        long due = Interlocked.Read(ref _nextSweep);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _nextSweep, now.AddMinutes(1).UtcTicks, due) != due)
        {
            return;
        }

        foreach ((string id, Use use) in _uses)
        {
            if (use.End + TimeSpan.FromMinutes(10) < now)
            {
                _uses.TryRemove(id, out _);
            }
        }
    }

    private sealed class Use(DateTimeOffset end)
    {
        private int _count;

        public DateTimeOffset End => end;

        public bool TryCount(PresentedToken presented, int most) => presented.IsCounted || (presented.IsCounted = Interlocked.Increment(ref _count) <= most);
    }
}
