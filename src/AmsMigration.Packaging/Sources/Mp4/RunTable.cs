using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>A table of (sample count, value), read as it is walked: 'stts' and 'ctts' (ISO/IEC 14496-12 8.6.1).</summary>
internal sealed class RunTable
{
    private readonly uint? _pastEnd;
    private BoxReader _box;
    private int _entries;
    private uint _left;
    private uint _value;

    /// <param name="pastEnd">The value of samples that the table does not reach; null for that of the last one it does.</param>
    public RunTable(BoxReader box, uint? pastEnd)
    {
        box.FullBox();
        _entries = box.Count(8);
        _box = box;
        _pastEnd = pastEnd;
    }

    /// <summary>Runs that the table still has.</summary>
    public int Count => _entries;

    /// <summary>True where the values are not all the same.</summary>
    public bool Varies
    {
        get
        {
            BoxReader box = _box;
            uint? first = null;
            for (int i = 0; i < _entries; i++)
            {
                box.Skip(4);
                uint value = box.U32();
                first ??= value;
                if (value != first)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The signed value that most samples have; 0, which none need have, where none of the values is far from it.</summary>
    public int FindUsual(Func<int, bool> isFar)
    {
        BoxReader box = _box;
        var counts = new Dictionary<int, long>();
        bool anyFar = false;
        for (int i = 0; i < _entries; i++)
        {
            uint samples = box.U32();
            int value = box.I32();
            anyFar |= isFar(value);
            counts[value] = (counts.TryGetValue(value, out long count) ? count : 0) + samples;
        }

        return anyFar ? counts.OrderByDescending(entry => entry.Value).First().Key : 0;
    }

    public uint Next()
    {
        while (_left == 0 && _entries > 0)
        {
            _entries--;
            _left = _box.U32();
            _value = _box.U32();
        }

        if (_left == 0)
        {
            return _pastEnd ?? _value;
        }

        _left--;
        return _value;
    }
}
