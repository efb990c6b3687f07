using System.Globalization;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Protection;

/// <summary>How the samples of one track are encrypted.</summary>
internal sealed class TrackProtection
{
    private const int ShortVectorLength = 8;

    private readonly SampleTable _samples;
    private readonly ulong _firstVector;

    /// <param name="map">Null where samples are encrypted as a whole.</param>
    /// <param name="name">Of the rendition, with what tells its content from any other.</param>
    public TrackProtection(ProtectionOptions options, ContentKey key, Track track, SubsampleMap? map, string name)
    {
        Options = options;
        Key = key;
        Map = map;
        _samples = track.Samples;
        byte[] seed = key.Derive(string.Format(CultureInfo.InvariantCulture, "{0}\n{1}\n{2}", Scheme, name, Digest(track)), BlockMode.BlockSize);
        ConstantVector = Scheme == ProtectionScheme.Cenc ? null : seed;
        for (int i = 0; i < ShortVectorLength; i++)
        {
            _firstVector = (_firstVector << 8) | seed[i];
        }
    }

    public ProtectionOptions Options { get; }

    public ProtectionScheme Scheme => Options.Scheme;

    public ContentKey Key { get; }

    public SubsampleMap? Map { get; }

    /// <summary>The initialization vector of all samples; null where each has its own.</summary>
    public byte[]? ConstantVector { get; }

    /// <summary>pssh boxes for the header.</summary>
    public IReadOnlyList<byte[]> SystemHeaders { get; init; } = [];

    /// <summary>Blocks of the pattern (ISO/IEC 23001-7 10.4.2); zeros where every block is encrypted.</summary>
    public (int Crypt, int Skip) Pattern => Scheme == ProtectionScheme.Cbcs && Map is not null ? (1, 9) : (0, 0);

    /// <summary>Each sample has an entry in senc.</summary>
    public bool HasAuxiliaryData => ConstantVector is null || Map is not null;

    public int VectorLength => ConstantVector is null ? ShortVectorLength : 0;

    /// <summary>Bytes of a sample's entry in senc.</summary>
    public int GetAuxiliaryLength(int sample) => VectorLength + (Map is null ? 0 : 2 + (SubsampleMap.BytesOfRun * Map.CountRuns(sample)));

    /// <summary>A sample's initialization vector: 8 bytes of its own, or the 16 of all.</summary>
    public byte[] GetVector(int sample)
    {
        if (ConstantVector is not null)
        {
            return ConstantVector;
        }

        ulong value = unchecked(_firstVector + (ulong)sample);
        var vector = new byte[ShortVectorLength];
        for (int i = 0; i < ShortVectorLength; i++)
        {
            vector[i] = (byte)(value >> (56 - (8 * i)));
        }

        return vector;
    }

    /// <param name="length">Bytes of the samples.</param>
    public ByteTransform CreateCipher(int firstSample, int count, long length)
    {
        BlockMode mode = Scheme == ProtectionScheme.Cenc
            ? new CounterMode(Key.GetBytes())
            : new PatternMode(Key.GetBytes(), Pattern.Crypt, Pattern.Skip);
        return new SampleCipher(mode, Spans(firstSample, count), length);
    }

    private IEnumerable<SampleSpan> Spans(int firstSample, int count)
    {
        for (int sample = firstSample; sample < firstSample + count; sample++)
        {
            if (Map is null)
            {
                yield return new SampleSpan(GetVector(sample), 0, _samples.Sizes[sample]);
                continue;
            }

            byte[]? vector = GetVector(sample);
            foreach ((uint clear, uint encrypted) in Map.RunsOf(sample))
            {
                yield return new SampleSpan(vector, clear, encrypted);
                vector = null;
            }
        }
    }

    /// <summary>A vector must not meet another plaintext under the same key: what fills gaps changes the number of samples in front of others.</summary>
    private static string Digest(Track track)
    {
        using var hash = System.Security.Cryptography.SHA256.Create();
        var bytes = new byte[track.Samples.Sizes.Length * sizeof(uint)];
        Buffer.BlockCopy(track.Samples.Sizes, 0, bytes, 0, bytes.Length);
        return string.Format(
            CultureInfo.InvariantCulture, "{0} {1} {2}", track.SourceFile, track.SourceTrackId, ContentKey.ToHex(hash.ComputeHash(bytes)));
    }
}
