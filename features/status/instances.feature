@read @DescribeInstances
Feature: Reading instances with DescribeInstances

  @C-INSTANCES-UNKNOWN
  Rule: Unknown ids in the filter of DescribeInstances, alone or beside known ones, are left out of the list, or answered with a documented 404 pair, 404 INVALID_INSTANCE_NOT_FOUND among them.

    @instances-unknown
    Example: DescribeInstances is asked for an instance that does not exist
      Given an instance that does not exist
      When DescribeInstances is asked for it
      Then the list is empty, or the answer is a documented 404 error

    @instances-unknown-among-known
    Example: DescribeInstances is asked for an instance that exists and one that does not
      Given a STOPPED instance
      And an instance that does not exist
      When DescribeInstances is asked for them
      Then the list holds those that exist and no other, or the answer is a documented 404 error

  @C-INSTANCES-FILTER
  Rule: With instanceIds, DescribeInstances lists the named instances and no other, each once.

    @instances-of-one
    Example: DescribeInstances is asked for one instance
      Given a STOPPED instance
      When DescribeInstances is asked for it
      Then the answer is a success
      And the list holds it and no other

    @instances-of-several
    Example: DescribeInstances is asked for several instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstances is asked for them
      Then the answer is a success
      And the list holds them and no other

  @C-INSTANCES-TOTAL-MATCHES
  Rule: The totalCount of DescribeInstances is the number of matching instances.

    @instances-total
    Example: DescribeInstances is asked for three instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstances is asked for them
      Then the answer is a success
      And the total is 3

  @C-INSTANCES-TRUE
  Rule: The status of DescribeInstances is the status the instance is in.

    @instances-shown
    Scenario Outline: DescribeInstances shows an instance that is <status>
      Given a <status> instance
      When DescribeInstances is asked for it
      Then the answer is a success
      And the list shows the status each is in

      Examples:
        | status        |
        | DEPLOYING     |
        | REBUILDING    |
        | REBOOT        |
        | RUNNING       |
        | STOPPED       |
        | BOOTING       |
        | STARTING      |
        | RELEASING     |
        | STOPPING      |
        | RECYCLE       |
        | RECYCLING     |
        | CREATE_FAILED |
        | IMAGING       |
        | RESIZING      |
