@read @DescribeInstancesStatus
Feature: Reading instances with DescribeInstancesStatus

  @C-STATUS-UNKNOWN
  Rule: Unknown ids in the filter of DescribeInstancesStatus, alone or beside known ones, are left out of the list, or answered with a documented 404 pair, 404 INVALID_INSTANCE_NOT_FOUND among them.

    @status-unknown
    Example: DescribeInstancesStatus is asked for an instance that does not exist
      Given an instance that does not exist
      When DescribeInstancesStatus is asked for it
      Then the list is empty, or the answer is a documented 404 error

    @status-unknown-among-known
    Example: DescribeInstancesStatus is asked for an instance that exists and one that does not
      Given a STOPPED instance
      And an instance that does not exist
      When DescribeInstancesStatus is asked for them
      Then the list holds those that exist and no other, or the answer is a documented 404 error

  @C-STATUS-FILTER
  Rule: With instanceIds, DescribeInstancesStatus lists the named instances and no other, each once.

    @status-of-one
    Example: DescribeInstancesStatus is asked for one instance
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for it
      Then the answer is a success
      And the list holds it and no other

    @status-of-several
    Example: DescribeInstancesStatus is asked for several instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstancesStatus is asked for them
      Then the answer is a success
      And the list holds them and no other

  @C-STATUS-TOTAL-MATCHES
  Rule: The totalCount of DescribeInstancesStatus is the number of matching instances.

    @status-total
    Example: DescribeInstancesStatus is asked for three instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstancesStatus is asked for them
      Then the answer is a success
      And the total is 3

  @C-STATUS-TRUE
  Rule: The instanceStatus of DescribeInstancesStatus is the status the instance is in.

    @status-shown
    Scenario Outline: DescribeInstancesStatus shows an instance that is <status>
      Given a <status> instance
      When DescribeInstancesStatus is asked for it
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
