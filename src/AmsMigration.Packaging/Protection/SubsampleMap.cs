namespace AmsMigration.Packaging.Protection;

/// <summary>Which bytes of each sample of a track are encrypted (ISO/IEC 23001-7 9.5): 8 bytes a run, 4 a sample.</summary>
internal sealed class SubsampleMap
{
    /// <summary>What the one byte that saiz has for a sample's size allows beside an initialization vector of 16 bytes.</summary>
    public const int MaxRuns = (byte.MaxValue - 16 - 2) / BytesOfRun;

    /// <summary>Bytes of a run in senc.</summary>
    public const int BytesOfRun = 6;

    private readonly List<int> _starts = [0];
    private readonly List<uint> _runs = [];

    public int Count => _starts.Count - 1;

    /// <summary>Adds a run to the sample under way; one whose clear bytes do not fit 16 bits becomes several.</summary>
    public void Add(long clear, uint encrypted)
    {
        for (; clear > ushort.MaxValue; clear -= ushort.MaxValue)
        {
            _runs.Add(ushort.MaxValue);
            _runs.Add(0);
        }

        _runs.Add((uint)clear);
        _runs.Add(encrypted);
    }

    /// <summary>Ends the sample under way and returns how many runs it has.</summary>
    public int EndSample()
    {
        int runs = (_runs.Count / 2) - _starts[_starts.Count - 1];
        _starts.Add(_runs.Count / 2);
        return runs;
    }

    /// <summary>Gives back what was reserved for growth.</summary>
    public void Trim()
    {
        _starts.TrimExcess();
        _runs.TrimExcess();
    }

    public int CountRuns(int sample) => _starts[sample + 1] - _starts[sample];

    public IEnumerable<(uint Clear, uint Encrypted)> RunsOf(int sample)
    {
        for (int i = _starts[sample]; i < _starts[sample + 1]; i++)
        {
            yield return (_runs[i * 2], _runs[(i * 2) + 1]);
        }
    }
}
