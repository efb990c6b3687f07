namespace AmsMigration.Packaging.Transfer;

/// <summary>What a <see cref="SourceWindow"/> reads before it is asked for.</summary>
/// <param name="Buffers">So many at once.</param>
/// <param name="Files">Files in the order in which they are wanted: where one ends, those are gone on with that fit a buffer, such as the fragments of a live archive.</param>
internal sealed record ReadAhead(int Buffers, int[] Files)
{
    /// <summary>A remote store answers many small reads at once as fast as one.</summary>
    private const int MaxBuffers = 16;

    public static ReadAhead None { get; } = new(0, []);

    /// <summary>Shared with other windows: a read is begun only where it has room at once, for whoever asks can read by himself; null for no limit.</summary>
    public MemoryGate? Gate { get; init; }

    /// <summary>Of <see cref="Buffers"/>, those that need not ask the gate.</summary>
    public int Free { get; init; }

    /// <summary>As many small buffers as have room in a large one are read for the place of that at the gate.</summary>
    /// <param name="buffers">Wanted of the largest.</param>
    /// <param name="largest">Bytes of the largest buffer.</param>
    /// <param name="size">Bytes of each buffer.</param>
    public static ReadAhead Of(int buffers, int largest, int size, int[] files, MemoryGate? gate)
    {
        if (buffers == 0)
        {
            return None;
        }

        int free = Math.Min((largest / size) - 1, MaxBuffers);
        return new ReadAhead(Math.Max(buffers, free), files) { Gate = gate, Free = free };
    }
}
