using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Protection;

/// <summary>saiz, saio and senc of one fragment (ISO/IEC 14496-12 8.7.8, 8.7.9, ISO/IEC 23001-7 7.2); sizes are known before the bytes are made.</summary>
/// <param name="track">Null where samples are not encrypted.</param>
/// <param name="isClear">Samples of this fragment are not, though those of others are.</param>
internal struct FragmentProtection(TrackProtection? track, bool isClear)
{
    private const int SaioLength = 20;
    private const int SaizHeaderLength = 17;
    private const int SencHeaderLength = 16;

    private int _count;
    private int _bytes;
    private int _first;
    private bool _differ;

    private readonly bool HasAuxiliaryData => track is { HasAuxiliaryData: true } && !isClear;

    /// <summary>Bytes of all of its boxes.</summary>
    public readonly int Length => track is null ? 0
        : isClear ? ProtectionBoxes.ClearGroupLength
        : HasAuxiliaryData ? SaioLength + SaizHeaderLength + (_differ ? _count : 0) + SencHeaderLength + _bytes : 0;

    public void Add(int sample)
    {
        if (!HasAuxiliaryData)
        {
            _count++;
            return;
        }

        int length = track!.GetAuxiliaryLength(sample);
        _first = _count == 0 ? length : _first;
        _differ |= length != _first;
        _bytes = checked(_bytes + length);
        _count++;
    }

    /// <param name="writer">Holds a moof from its first byte on, up to here.</param>
    public readonly void Write(BoxWriter writer, int firstSample)
    {
        if (track is not null && isClear)
        {
            writer.Bytes(ProtectionBoxes.CreateClearGroup(_count));
        }

        if (!HasAuxiliaryData)
        {
            return;
        }

        int saiz = writer.Begin("saiz", 0, 0);
        writer.UInt8((byte)(_differ ? 0 : _first));
        writer.UInt32((uint)_count);
        for (int i = 0; _differ && i < _count; i++)
        {
            writer.UInt8((byte)track!.GetAuxiliaryLength(firstSample + i));
        }

        writer.End(saiz);
        int saio = writer.Begin("saio", 0, 0);
        writer.UInt32(1);
        writer.UInt32((uint)(writer.Length + 4 + SencHeaderLength));
        writer.End(saio);
        WriteSamples(writer, firstSample);
    }

    private readonly void WriteSamples(BoxWriter writer, int firstSample)
    {
        const uint HasSubsamples = 2;
        SubsampleMap? map = track!.Map;
        int senc = writer.Begin("senc", 0, map is null ? 0 : HasSubsamples);
        writer.UInt32((uint)_count);
        for (int sample = firstSample; sample < firstSample + _count; sample++)
        {
            if (track.ConstantVector is null)
            {
                writer.Bytes(track.GetVector(sample));
            }

            if (map is null)
            {
                continue;
            }

            writer.UInt16((ushort)map.CountRuns(sample));
            foreach ((uint clear, uint encrypted) in map.RunsOf(sample))
            {
                writer.UInt16((ushort)clear);
                writer.UInt32(encrypted);
            }
        }

        writer.End(senc);
    }
}
